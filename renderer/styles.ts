/** The stylesheets that are not a feature's, in their order. */
import './tokens.css';
import './ui/base.css';
import './ui/controls.css';
import './ui/grid.css';
import './app/app.css';
